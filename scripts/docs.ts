import { rewriteDocuments } from './lib/docs/documents.ts';

const rewritten = await rewriteDocuments();
console.log(
  rewritten.length === 0 ? 'the documents are up to date' : `rewrote ${rewritten.join(', ')}`,
);
