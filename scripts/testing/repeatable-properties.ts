import fc from 'fast-check'

/** Every property of a test file draws its values from the seed of the run, which vitest.config.ts sets. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPAGANDA_FUZZ_SEED']) })
