//! The smaller levels of a pyramid: for an image whose largest is more than the limits.

use super::choose::Chosen;
use super::ifd::Ifd;
use super::page::Page;
use crate::sorting::sort_by_key;

/// A level of a pyramid is as wide to its height as the whole image, within a pixel and this part of it.
const SAME_SHAPE: f64 = 0.01;

/// The pages of a level, in the order of those of the whole image.
pub(super) type Level<'a> = Vec<(Ifd<'a>, Page<'a>)>;

/// The levels below the one that was chosen, from the largest to the smallest: children of its pages (SubIFDs), or pages beside them. They have
/// the chosen pages' kind and number, and their shape. Pages that are levels are no longer among the others.
pub(super) fn smaller<'a>(chosen: &mut Chosen<'a>) -> Vec<Level<'a>> {
    let Some((_, whole)) = chosen.pages.first() else { return Vec::new() };
    let (count, whole) = (chosen.pages.len(), whole.clone());
    let others = std::mem::take(&mut chosen.others);
    let (pages, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, page)| is_level(page, &whole));
    chosen.others = others;
    let children = chosen.pages.iter().flat_map(|(ifd, _)| ifd.children());
    let unread = std::mem::take(&mut chosen.beside).into_iter().chain(children);
    let read = unread.filter_map(|ifd| {
        let page = Page::new(&ifd).ok()?;
        is_level(&page, &whole).then_some((ifd, page))
    });
    let mut levels: Vec<Level<'a>> = Vec::new();
    for (ifd, page) in pages.into_iter().chain(read) {
        let same =
            |level: &&mut Level<'a>| level.first().is_some_and(|(_, first)| size(first) == size(&page));
        match levels.iter_mut().find(same) {
            Some(level) => level.push((ifd, page)),
            None => levels.push(vec![(ifd, page)]),
        }
    }
    levels.retain(|level| level.len() == count);
    sort_by_key(&mut levels, |level| std::cmp::Reverse(level.first().map(|(_, page)| size(page))));
    levels
}

fn size(page: &Page<'_>) -> (usize, usize) {
    (page.width, page.height)
}

fn is_level(page: &Page<'_>, whole: &Page<'_>) -> bool {
    let height = whole.height as f64 * page.width as f64 / whole.width as f64;
    let off = (height - page.height as f64).abs();
    page.width < whole.width && off <= 1.0 + height * SAME_SHAPE && page.look() == whole.look()
}
