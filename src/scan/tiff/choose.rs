//! Which pages of a file are its image: those of one kind that together have the most pixels.

use std::collections::HashMap;

use super::ifd::{Ifd, broken};
use super::lsm::Lsm;
use super::page::Page;
use super::tags;
use crate::error::{Error, Kind, Result};

/// Sizes of left-out pages that a note names.
const MAX_NAMED: usize = 4;

/// The pages that become slices, with their directories, in the file's order; at least one.
pub(super) struct Chosen<'a> {
    pub(super) pages: Vec<(Ifd<'a>, Page<'a>)>,
    /// Other pages that can be read, among which smaller levels may be.
    pub(super) others: Vec<(Ifd<'a>, Page<'a>)>,
    /// Pages that their file calls smaller copies or masks of others.
    pub(super) beside: Vec<Ifd<'a>>,
    /// Sizes of pages that cannot be read, and why.
    failed: Vec<((u64, u64), Error)>,
}

/// A page that NewSubfileType or SubfileType calls a smaller copy of another one, or its transparency mask.
fn is_beside(ifd: &Ifd<'_>) -> bool {
    ifd.number(tags::NEW_SUBFILE_TYPE).is_some_and(|flags| flags & 5 != 0)
        || ifd.number(tags::SUBFILE_TYPE) == Some(2)
}

/// Chooses among the directories of the main chain.
///
/// Labels, macro photographs and smaller levels, which some scanners store as pages like others, are left out and
/// noted. A file of thumbnails alone has its image in their children, or is an image of these.
pub(super) fn choose(ifds: Vec<Ifd<'_>>) -> Result<Chosen<'_>> {
    let (mut candidates, mut beside): (Vec<_>, Vec<_>) = ifds.into_iter().partition(|ifd| !is_beside(ifd));
    if candidates.is_empty() {
        candidates = beside.iter().flat_map(Ifd::children).filter(|ifd| !is_beside(ifd)).collect();
    }
    if candidates.is_empty() {
        candidates = std::mem::take(&mut beside);
    }
    let is_lsm = candidates.iter().any(|ifd| Lsm::of(ifd).is_some());
    let mut pages: Vec<(Ifd<'_>, Result<Page<'_>>)> = Vec::with_capacity(candidates.len());
    let mut group_of = HashMap::new();
    // Pixels of a group.
    let mut groups: Vec<u128> = Vec::new();
    let mut member = Vec::new();
    for ifd in candidates {
        let page = Page::new(&ifd).map(|page| if is_lsm { page.into_bands() } else { page });
        let size = size(&ifd);
        let key = match &page {
            Ok(page) => (size, Some(page.look()), None),
            Err(error) => (size, None, Some(error.code().to_string())),
        };
        let group = *group_of.entry(key).or_insert_with(|| {
            groups.push(0);
            groups.len() - 1
        });
        if let Some(pixels) = groups.get_mut(group) {
            *pixels += u128::from(size.0) * u128::from(size.1);
        }
        member.push(group);
        pages.push((ifd, page));
    }
    let most = groups.iter().copied().max().unwrap_or(0);
    let best = groups.iter().position(|pixels| *pixels == most);
    let mut chosen = Vec::new();
    let (mut others, mut failed) = (Vec::new(), Vec::new());
    for ((ifd, page), group) in pages.into_iter().zip(member) {
        match page {
            Ok(page) if Some(group) == best => chosen.push((ifd, page)),
            Err(error) if Some(group) == best => return Err(error),
            Ok(page) => others.push((ifd, page)),
            Err(error) => failed.push((size(&ifd), error)),
        }
    }
    let first = chosen.first().map(|(ifd, _)| size(ifd)).ok_or_else(|| broken("it has no readable page"))?;
    // A volume that lost a slice must not look whole.
    let (lost, failed): (Vec<_>, Vec<_>) =
        failed.into_iter().partition(|(size, error)| *size == first && error.kind() == Kind::Invalid);
    if let Some((_, error)) = lost.into_iter().next() {
        return Err(error);
    }
    Ok(Chosen { pages: chosen, others, beside, failed })
}

impl Chosen<'_> {
    /// What was left out, in sentences.
    pub(super) fn notes(&self) -> Vec<String> {
        let others: Vec<_> = self.others.iter().map(|(ifd, _)| size(ifd)).collect();
        notes(&others, &self.failed)
    }
}

fn size(ifd: &Ifd<'_>) -> (u64, u64) {
    let number = |tag| ifd.number(tag).unwrap_or(0);
    (number(tags::IMAGE_WIDTH), number(tags::IMAGE_LENGTH))
}

fn notes(others: &[(u64, u64)], failed: &[((u64, u64), Error)]) -> Vec<String> {
    let mut notes = Vec::new();
    let count = |n: usize| if n == 1 { "1 page".to_string() } else { format!("{n} pages") };
    if !others.is_empty() {
        let mut sizes: Vec<String> = others.iter().map(|(w, h)| format!("{w} x {h}")).collect();
        sizes.dedup();
        if sizes.len() > MAX_NAMED {
            sizes.truncate(MAX_NAMED);
            sizes.push("...".into());
        }
        notes.push(format!(
            "{} of another size or kind left out ({} pixels).",
            count(others.len()),
            sizes.join(", ")
        ));
    }
    if let Some((_, error)) = failed.first() {
        notes.push(format!("{} left out that cannot be read. {error}", count(failed.len())));
    }
    notes
}
