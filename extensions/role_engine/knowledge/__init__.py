"""A role's knowledge: files that are looked up for each question, and what they say of it goes into the prompt.

documents     a file as text
chunks        a text cut into its paragraphs
stems         words as they are looked up
retriever     what finds: the interface; bm25 by words, embeddings by meaning
index_folder  an index on the disk
shelf         what is known of one set of files
library       the indexes of all roles, always as fresh as the files
information   what was found, as it stands in a prompt
"""

from role_engine.knowledge.embeddings import EmbeddingRetriever
from role_engine.knowledge.index_folder import Fragment
from role_engine.knowledge.library import KnowledgeLibrary

__all__ = ["EmbeddingRetriever", "Fragment", "KnowledgeLibrary"]
