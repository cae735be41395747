import { saveBlob } from '../../ui/save-blob.ts'

/** Downloads a text as a file. */
export function saveText(fileName: string, type: string, text: string): void {
  saveBlob(fileName, new Blob([text], { type }))
}
