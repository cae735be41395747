/** Replaces the types of the package. They describe another module format, whose default export cannot be called. */
declare module 'bidi-js' {
  type EmbeddingLevels = {
    /** One level for each UTF-16 unit. */
    readonly levels: Uint8Array
  }
  type Bidi = {
    readonly getEmbeddingLevels: (text: string, base: 'ltr' | 'rtl' | 'auto') => EmbeddingLevels
    readonly getMirroredCharacter: (character: string) => string | null
    readonly getReorderedString: (text: string, levels: EmbeddingLevels) => string
  }
  export default function createBidi(): Bidi
}
