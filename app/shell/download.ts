import { DOWNLOAD_PATH } from '../export/download-path.ts'

/** Returns the token of a download's path; undefined for any other path. */
export function downloadToken(path: string): string | undefined {
  return path.startsWith(DOWNLOAD_PATH) ? path.slice(DOWNLOAD_PATH.length) : undefined
}

/** Returns the headers with which a browser saves a file and does not show it. */
export function downloadHeaders(fileName: string, size: number): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    'content-length': String(size),
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    'cache-control': 'no-store',
  }
}
