//! What editors carry a copy of is what stands in `grammars/`: a plugin is installed without the rest of
//! the repository.

use std::fs;

use super::root;

#[test]
fn the_copies_of_queries_are_copies() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("the query is there");
    let own = read("grammars/python/injections.scm");
    let copy = "editors/neovim/queries/python/injections.scm";
    assert_eq!(read(copy), own, "copy grammars/python/injections.scm to {copy}");
}
