import type { DrillResult } from '../measurement'
import type { AttemptList, DrillContext } from './drill-context'
import { count, duration } from './format'
import { html, type Html } from './html'

/** Ids shown on the page; the whole list stands beside the report. */
const IDS_SHOWN = 100

export function differences(result: DrillResult, { lost, ghost, unknown }: DrillContext): Html {
  const artefacts = result.evidence.flatMap((record) => record.artefacts)
  return html`<h2>Lost, ghost and unknown transactions</h2>
    <p class="soft">
      Counted on the new writer after its recovery had ended, against the clients' own log. An id is client:sequence.
    </p>
    ${attempts('Lost: acknowledged and absent', lost)} ${attempts('Ghost: refused and present', ghost)}
    ${attempts('Unknown: sent and never answered; there or not, no promise was broken', unknown)}
    ${
      artefacts.length === 0
        ? ''
        : html`<p>
            Whole lists, beside this report:
            ${artefacts.map(({ path }) => html`<code>${path.slice(path.lastIndexOf('/') + 1)}</code> `)}
          </p>`
    }`
}

function attempts(title: string, { count: total, ids }: AttemptList): Html {
  const shown = ids.slice(0, IDS_SHOWN).map(({ client, sequence }) => `${client}:${sequence}`)
  const more = total - shown.length
  return html`<p>
    <strong>${title}: ${count(total)}</strong>
    ${shown.length > 0 ? html`<br /><code>${shown.join(' ')}</code>` : ''} ${more > 0 ? `and ${count(more)} more` : ''}
  </p>`
}

export function steps({ steps: list }: DrillResult): Html {
  return html`<h2>Steps of the runbook</h2>
    <table>
      <thead>
        <tr>
          <th>step</th>
          <th>outcome</th>
          <th class="number">attempts</th>
          <th class="number">took</th>
        </tr>
      </thead>
      <tbody>
        ${list.map(
          ({ title, outcome, attempts: tried, seconds }) =>
            html`<tr>
              <td>${title}</td>
              <td>${outcome}</td>
              <td class="number">${tried}</td>
              <td class="number">${seconds === null ? 'not measured' : duration(seconds)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

export function projection({ projection: projected }: DrillContext): Html {
  const met = projected.totalSeconds <= projected.targetSeconds
  return html`<h2>The same outage at production's pace</h2>
    <p class="soft">A bound from the policy's own settings, not a forecast: every wait is taken at its longest.</p>
    <table>
      <thead>
        <tr>
          <th>phase</th>
          <th>assumption</th>
          <th class="number">at most</th>
        </tr>
      </thead>
      <tbody>
        ${projected.items.map(
          ({ name, assumption, seconds }) =>
            html`<tr>
              <td>${name}</td>
              <td>${assumption}</td>
              <td class="number">${duration(seconds)}</td>
            </tr>`,
        )}
        <tr class="total">
          <td>total</td>
          <td class="${met ? 'yes' : 'no'}">
            ${met ? '✓ within' : '✗ beyond'} the objective of ${duration(projected.targetSeconds)}
          </td>
          <td class="number">${duration(projected.totalSeconds)}</td>
        </tr>
      </tbody>
    </table>`
}

export function oldPrimary({ oldPrimary: tries }: DrillContext): Html {
  if (tries.length === 0) {
    return html`<h2>Writes tried on the old primary</h2>
      <p>None could be tried: the old primary did not come back.</p>`
  }
  const accepted = tries.filter(({ refused }) => !refused).length
  return html`<h2>Writes tried on the old primary</h2>
    <p>
      ${accepted === 0 ? `All ${count(tries.length)} were refused.` : `${count(accepted)} were accepted: two writers existed.`}
    </p>
    <table>
      <thead>
        <tr>
          <th>way</th>
          <th>role</th>
          <th>answer</th>
          <th>code</th>
        </tr>
      </thead>
      <tbody>
        ${tries.map(
          ({ way, role, refused, code }) =>
            html`<tr>
              <td>${way}</td>
              <td>${role}</td>
              ${refused ? html`<td class="yes">refused</td>` : html`<td class="no">accepted</td>`}
              <td><code>${code}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

export function notes({ replication, notes: further }: DrillContext): Html {
  const all = [
    'Detection, lease and name caching run at the local pace of the rehearsal; the projection above uses production’s.',
    'A phase begins where the one before it ended; together they last from the fault to the first client served. The outage itself begins at the first write that failed.',
    ...(replication === 'sync'
      ? ['RDS offers synchronous replication only inside a region: between regions the replica is always asynchronous.']
      : []),
    ...further,
  ]
  return html`<h2>Assumptions and notes</h2>
    <ul>
      ${all.map((note) => html`<li>${note}</li>`)}
    </ul>`
}

export function evidence({ evidence: records }: DrillResult, { policyHash }: Pick<DrillContext, 'policyHash'>): Html {
  return html`<h2>Evidence</h2>
    <p class="soft">Verify with <code>recovery evidence verify</code>. Policy <code>${policyHash}</code></p>
    <table>
      <thead>
        <tr>
          <th>record</th>
          <th>region</th>
          <th class="number">number</th>
          <th>hash</th>
        </tr>
      </thead>
      <tbody>
        ${records.map(
          ({ id, region, sequence, hash }) =>
            html`<tr>
              <td class="short"><code>${id}</code></td>
              <td class="short">${region}</td>
              <td class="number">${sequence}</td>
              <td><code>${hash}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>`
}
