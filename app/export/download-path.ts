/** The path below which both shells serve the files of exports, followed by the token. */
export const DOWNLOAD_PATH = '/download/'
