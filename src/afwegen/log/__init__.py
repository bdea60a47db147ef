"""Bytes only: canonical form, Merkle tree, frontier, proofs, commitments."""
