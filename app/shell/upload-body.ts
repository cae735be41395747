/** Most parts of the form of an upload. The window sends two: the data and a file. */
const MAX_PARTS = 8
/** Most bytes of the headers of a part. */
const MAX_HEADER = 4_096

const CONTENT_TYPE = /^multipart\/form-data; boundary=([\w'-]{1,100})$/
const DATA_HEADER = 'Content-Disposition: form-data; name="data"\r\n\r\n'
const FILE_HEADER = /^Content-Disposition: form-data; name="\d{1,3}"; filename="[^"\r\n]*"\r\nContent-Type: [^\r\n]*\r\n\r\n/

/**
 * Returns the JSON of an upload if its form has exactly the format of the RPC clients of browsers and Node: first the data, then files.
 * Otherwise returns undefined. The parser of the RPC handler accepts more, fails outside of any `catch`, and parses JSON of any size.
 */
export function dataOfUpload(body: Buffer, contentType: string, maxDataBytes: number): string | undefined {
  const boundary = CONTENT_TYPE.exec(contentType)?.[1]
  if (boundary === undefined) return undefined
  const delimiter = `--${boundary}`
  if (!startsWith(body, `${delimiter}\r\n${DATA_HEADER}`, 0)) return undefined
  const dataAt = delimiter.length + 2 + DATA_HEADER.length
  const dataEnd = body.subarray(0, dataAt + maxDataBytes + delimiter.length + 2).indexOf(`\r\n${delimiter}`, dataAt, 'latin1')
  if (dataEnd === -1) return undefined
  let at = dataEnd + 2 + delimiter.length
  for (let parts = 1; parts <= MAX_PARTS; parts++) {
    if (startsWith(body, '--', at)) return isEnd(body, at + 2) ? body.toString('utf8', dataAt, dataEnd) : undefined
    const header = FILE_HEADER.exec(body.toString('latin1', at + 2, at + 2 + MAX_HEADER))
    if (!startsWith(body, '\r\n', at) || header === null) return undefined
    const next = body.indexOf(`\r\n${delimiter}`, at + 2 + header[0].length, 'latin1')
    if (next === -1) return undefined
    at = next + 2 + delimiter.length
  }
  return undefined
}

function startsWith(body: Buffer, text: string, at: number): boolean {
  return body.toString('latin1', at, at + text.length) === text
}

function isEnd(body: Buffer, at: number): boolean {
  return at === body.length || (at + 2 === body.length && startsWith(body, '\r\n', at))
}
