// Preloaded into every Node process of an emulator run: whatever is misconfigured there, nothing leaves this machine.
// A name that is not `localhost` does not resolve, an address that is not loopback refuses; both are reported by name.
const dgram = require('node:dgram')
const dns = require('node:dns')
const { appendFileSync } = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')
const net = require('node:net')

const isLoopbackName = (host) => host === 'localhost' || host.endsWith('.localhost')
const isLoopback = (host) => isLoopbackName(host) || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

function refusal(host) {
  const code = net.isIP(host) ? 'ECONNREFUSED' : 'ENOTFOUND'
  process.stderr.write(`loopback only: refused '${host}'\n`)
  return Object.assign(new Error(`${code}: '${host}' is not on this machine`), { code, hostname: host })
}

/** Host of the three forms of `connect`; undefined for a socket of the file system. */
function hostOf(args) {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args
  if (typeof first === 'object' && first !== null) return first.path ? undefined : (first.host ?? 'localhost')
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined
  return typeof second === 'string' ? second : 'localhost'
}

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...args) {
  const host = hostOf(args)
  if (host === undefined || isLoopback(host)) return connect.apply(this, args)
  this.connecting = true
  process.nextTick(() => this.destroy(refusal(host)))
  return this
}

const send = dgram.Socket.prototype.send
dgram.Socket.prototype.send = function (...args) {
  const address = args.findLast((arg) => typeof arg === 'string' && net.isIP(arg))
  if (address !== undefined && !isLoopback(address)) throw refusal(address)
  return send.apply(this, args)
}

const connectDatagrams = dgram.Socket.prototype.connect
dgram.Socket.prototype.connect = function (port, address, callback) {
  const host = typeof address === 'string' ? address : 'localhost'
  if (isLoopback(host)) return connectDatagrams.call(this, port, address, callback)
  const done = typeof address === 'function' ? address : callback
  const error = refusal(host)
  process.nextTick(() => (done ? done.call(this, error) : this.emit('error', error)))
}

const lookup = dns.lookup
dns.lookup = function (host, options, callback) {
  const done = typeof options === 'function' ? options : callback
  if (isLoopbackName(host)) return lookup.call(dns, '127.0.0.1', options, callback)
  // Nobody is asked about an address; whether it may be reached is decided where a connection is made.
  if (net.isIP(host)) return lookup.call(dns, host, options, callback)
  process.nextTick(() => done(refusal(host)))
}
const lookupPromise = dns.promises.lookup
dns.promises.lookup = async function (host, options) {
  if (!isLoopbackName(host) && !net.isIP(host)) throw refusal(host)
  return lookupPromise.call(dns.promises, isLoopbackName(host) ? '127.0.0.1' : host, options)
}

/** Resolvers speak to name servers without a socket of Node's: they may ask ours, where there is one, and nobody else. */
const nameServer = process.env.LOOPBACK_NAME_SERVER
const asksOurs = (Resolver) =>
  class extends Resolver {
    constructor(options) {
      super(options)
      super.setServers([nameServer])
    }
    setServers() {}
  }
const isQuestion = (name) => name === 'reverse' || name.startsWith('resolve')
for (const [holder, refuse] of [
  [dns, (args) => process.nextTick(() => args.at(-1)(refusal(args[0])))],
  [dns.promises, async (args) => Promise.reject(refusal(args[0]))],
]) {
  if (nameServer === undefined)
    for (const name of Object.getOwnPropertyNames(holder.Resolver.prototype).filter(isQuestion))
      holder.Resolver.prototype[name] = (...args) => refuse(args)
  else holder.Resolver = asksOurs(holder.Resolver)
  const resolver = new holder.Resolver()
  for (const name of Object.getOwnPropertyNames(holder).filter(isQuestion))
    holder[name] = (...args) => resolver[name](...args)
}

syncBuiltinESMExports()

// Who came this far: what is not on the roll was not held back.
const roll = process.env.LOOPBACK_ROLL
if (roll) appendFileSync(roll, `node ${process.env.AWS_LAMBDA_FUNCTION_NAME ?? process.argv[1] ?? ''}\n`)
