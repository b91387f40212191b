// The built-in template validator costs seconds per process; it runs once, in the full synth check.
process.env['CDK_VALIDATION'] = 'false'
// The SDK announces its future Node versions on stderr in every process; the supported versions are our own decision (package.json).
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
// No test may ever find credentials or a metadata service of the machine it runs on.
process.env['AWS_EC2_METADATA_DISABLED'] = 'true'
// What is compared is text, also where a machine says that it can show colours.
process.env['NO_COLOR'] = '1'
