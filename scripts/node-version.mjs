const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

/** Ends the process with one line where Node is too old. Plain JavaScript: an old Node cannot even read TypeScript. */
if (major < 24 || (major === 24 && minor < 7)) {
  process.stderr.write(
    `Buylink needs Node 24.7 or newer, this is ${process.version}: run \`npm ci\`, which brings one, and \`npm start\`.\n`,
  )
  process.exit(1)
}
