//! Planes of a volume show the voxels that they say they show, of the image and of its labels.

use insitu::scan::{Geometry, Limits, Scan};
use insitu::volume::{Convention, DenseLabels, Plane, Projection, Stack, label_plane};

/// A NIfTI file of shorts whose voxel `(i, j, k)` is `100 k + 10 j + i`, scaled by 2 and lowered by 7.
fn nifti(size: [usize; 3], srow: [[f32; 4]; 3]) -> Vec<u8> {
    let mut header = vec![0u8; 352];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &348i32.to_le_bytes());
    let dim = [3, size[0] as i16, size[1] as i16, size[2] as i16, 1, 1, 1, 1];
    dim.iter().enumerate().for_each(|(i, d)| put(40 + 2 * i, &d.to_le_bytes()));
    put(70, &4i16.to_le_bytes());
    put(72, &16i16.to_le_bytes());
    (0..8).for_each(|i| put(76 + 4 * i, &1f32.to_le_bytes()));
    put(108, &352f32.to_le_bytes());
    put(112, &2f32.to_le_bytes());
    put(116, &(-7f32).to_le_bytes());
    put(123, &[2]);
    put(254, &1i16.to_le_bytes());
    srow.iter().flatten().enumerate().for_each(|(i, v)| put(280 + 4 * i, &v.to_le_bytes()));
    put(344, b"n+1\0");
    let voxels = (0..size.iter().product()).map(|n: usize| {
        let (i, j, k) = (n % size[0], n / size[0] % size[1], n / size[0] / size[1]);
        (100 * k + 10 * j + i) as i16
    });
    header.extend(voxels.flat_map(i16::to_le_bytes));
    header
}

fn scan() -> Scan {
    let srow = [[-0.7, 0.0, 0.0, 30.0], [0.0, -0.7, 0.4, 20.0], [0.0, 0.0, 2.5, -9.0]];
    let mut scan = Scan::decode(&nifti([4, 5, 6], srow), None, &Limits::default()).unwrap();
    // Whatever the decoder tells of it.
    scan.geometry = Some(Geometry {
        origin: [1.0, 2.0, 3.0],
        steps: [[0.7, 0.0, 0.0], [0.0, 0.7, 0.0], [0.0, -0.4, 2.5]],
    });
    scan
}

#[test]
fn planes_show_the_voxels_that_they_say_they_show() {
    let scan = scan();
    let (stack, depth) = Stack::around(&scan, 4);
    let size = stack.size();
    assert_eq!((size, depth, stack.slice(3)), ([scan.width, scan.height, 6], 4, 3));
    let mut voxels: Vec<u8> = (0..120).collect();
    let labels = DenseLabels::new(size, &mut voxels).unwrap();
    for normal in 0..3 {
        for convention in [Convention::Radiological, Convention::Neurological] {
            let plane = Plane::of(size, &scan.geometry.unwrap(), normal, convention);
            for index in 0..size[normal] {
                let image = stack.plane(&plane, index).unwrap();
                let mut shown = vec![0; plane.size[0] * plane.size[1]];
                label_plane(&labels, &plane, index, &mut shown).unwrap();
                assert_eq!([image.width, image.height], plane.size);
                for (i, (value, label)) in image.data.iter().zip(shown).enumerate() {
                    let [column, row, slice] = plane.voxel([i % image.width, i / image.width], index);
                    assert_eq!(scan.value_at(slice, column, row), Some(vec![*value]));
                    assert_eq!(usize::from(label), (slice * size[1] + row) * size[0] + column);
                }
            }
            assert_eq!(stack.plane(&plane, size[normal]).unwrap_err().code(), "volume.plane");
        }
    }
    let wrong = Plane::stored([3, 5, 6], 2);
    assert_eq!(stack.plane(&wrong, 0).unwrap_err().code(), "volume.plane");
    assert_eq!(label_plane(&labels, &wrong, 0, &mut [0; 15]).unwrap_err().code(), "volume.plane");
    assert_eq!(
        label_plane(&labels, &Plane::stored(size, 2), 0, &mut [0; 15]).unwrap_err().code(),
        "volume.size"
    );
    let mut row = [0.0; 2];
    stack.values(2, 3, 1, &mut row);
    assert_eq!(row, [1, 2].map(|x| scan.value_at(2, x, 3).unwrap()[0]));
}

#[test]
fn a_slab_shows_the_largest_smallest_or_mean_value_of_its_planes() {
    let scan = scan();
    let (stack, _) = Stack::around(&scan, 0);
    for normal in 0..3 {
        let plane = Plane::stored(stack.size(), normal);
        let last = stack.size()[normal] - 1;
        for (index, around) in [(1, 1), (0, 2), (last, 1), (2, usize::MAX), (1, 0)] {
            let slab = |how| stack.slab(&plane, index, around, how).unwrap().data;
            let (most, least, mean) =
                (slab(Projection::Maximum), slab(Projection::Minimum), slab(Projection::Mean));
            let planes: Vec<_> = (index.saturating_sub(around)..=index.saturating_add(around).min(last))
                .map(|i| stack.plane(&plane, i).unwrap().data)
                .collect();
            for i in 0..most.len() {
                let all = planes.iter().map(|p| p[i]);
                assert_eq!(most[i], all.clone().fold(f32::NEG_INFINITY, f32::max));
                assert_eq!(least[i], all.clone().fold(f32::INFINITY, f32::min));
                assert!((mean[i] - all.sum::<f32>() / planes.len() as f32).abs() < 1e-3);
            }
        }
    }
}
