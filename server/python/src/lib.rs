//! Python source as a tree, and a total evaluator of a Python subset.
