//! `insitu train` does what its options say, and writes them into the model.

use insitu::weights::{Card, Model, Optimiser, Schedule};

use crate::common::{Folder, insitu, stderr, text};

/// Three images of 24 x 20 with a bright bar that is labelled class 1, the left half outside the field of view.
fn data(folder: &Folder) {
    for (number, stem) in ["a", "b", "c"].iter().enumerate() {
        let bar = |i: usize| (12 + number..15 + number).contains(&(i % 24));
        folder.grey(
            &format!("data/images/{stem}.png"),
            24,
            (0..480).map(|i| 40 + 160 * u8::from(bar(i))).collect(),
        );
        folder.grey(&format!("data/labels/{stem}.png"), 24, (0..480).map(|i| u8::from(bar(i))).collect());
        folder.grey(&format!("data/fov/{stem}.png"), 24, (0..480).map(|i| u8::from(i % 24 >= 10)).collect());
    }
}

fn train(folder: &Folder, more: &[&str]) -> Result<Model, String> {
    let (data, out) = (folder.path("data"), folder.path("model.safetensors"));
    let mut args =
        vec!["train", "--data", text(&data), "--out", text(&out), "--device", "cpu", "--width", "2"];
    args.extend(["--labels", "binary", "--steps", "4", "--batch", "2", "--patch", "16", "--every", "2"]);
    args.extend(["--val-fraction", "0.34"]);
    args.extend(more);
    let run = insitu(&args);
    if !run.status.success() {
        return Err(stderr(&run));
    }
    Ok(Model::from_bytes(&std::fs::read(out).unwrap(), &burn::tensor::Device::flex()).unwrap())
}

#[test]
fn the_method_of_a_training_stands_in_the_card() {
    let folder = Folder::new("method");
    data(&folder);
    let options = "--loss ce=1,focal=0.5 --focal-alpha 0.25 --class-weights auto --optimiser sgd --momentum 0.9 \
        --weight-decay 0.001 --schedule plateau --patience 1 --clip 0 --balanced-patches 0.5 --no-flips --rotation 30 --noise 0";
    let model = train(&folder, &options.split_whitespace().collect::<Vec<_>>()).unwrap();
    let training = model.card.training.unwrap();
    let (loss, method) = (training.loss, training.method.unwrap());
    assert_eq!((loss.cross_entropy, loss.focal, loss.dice, loss.focal_alpha), (1.0, 0.5, 0.0, Some(0.25)));
    // Of the 14 visible columns the bar takes three, in each of the two images that are learnt from.
    assert_eq!(loss.class_weights, [14.0 / 22.0, 14.0 / 6.0]);
    assert_eq!(method.optimiser, Optimiser::Sgd { momentum: 0.9, weight_decay: 0.001 });
    assert_eq!(method.schedule, Schedule::Plateau { factor: 0.1, patience: 1 });
    assert_eq!((method.clip, method.balanced_patches), (None, Some(0.5)));
    assert_eq!(
        (method.augmentation.flips, method.augmentation.rotation, method.augmentation.noise),
        (false, 30.0, 0.0)
    );
    assert!(training.command.contains("--balanced-patches 0.5"));
}

#[test]
fn folds_judge_each_image_by_a_network_that_has_not_seen_it_and_go_on_where_they_were_stopped() {
    let folder = Folder::new("folds");
    data(&folder);
    let (data, out) = (folder.path("data"), folder.path("model.safetensors"));
    let common = [
        "train",
        "--data",
        text(&data),
        "--out",
        text(&out),
        "--device",
        "cpu",
        "--width",
        "2",
        "--labels",
        "binary",
    ];
    let steps = ["--steps", "4", "--batch", "2", "--patch", "16", "--every", "2", "--folds", "3"];
    let args = [&common[..], &steps[..]].concat();
    let first = insitu(&args);
    assert!(first.status.success(), "{}", stderr(&first));
    let model = || Model::from_bytes(&std::fs::read(&out).unwrap(), &burn::tensor::Device::flex()).unwrap();
    let card = model().card;
    assert_eq!(card.training.as_ref().unwrap().images, 3, "the model has learnt from all of them");
    let split = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap();
    assert_eq!(split("model.safetensors.fold-2.split.csv"), "id,part\na,training\nb,test\nc,training\n");
    assert_eq!(split("model.safetensors.split.csv"), "id,part\na,training\nb,training\nc,training\n");
    // The mean of what each of the three networks scored on its own image.
    let said = stderr(&first);
    let dice =
        |line: &str| line.split_whitespace().skip_while(|word| *word != "Dice").nth(1)?.parse::<f64>().ok();
    let after = said.lines().zip(said.lines().skip(1));
    let each: Vec<f64> =
        after.filter(|(line, _)| line.starts_with("Judging")).filter_map(|(_, next)| dice(next)).collect();
    assert_eq!(each.len(), 3, "{said}");
    let scored = card.scores["dice"];
    assert!((scored - each.iter().sum::<f64>() / 3.0).abs() < 1e-4, "{each:?}");

    let again = insitu(&args);
    assert_eq!(stderr(&again).matches("Continuing at step 4.").count(), 4, "{}", stderr(&again));
    assert_eq!(model().card.scores["dice"], scored);

    let last = insitu(&[&args[..], &["--judge", "1"]].concat());
    let said = stderr(&last);
    assert!(said.contains("Without part 3 of 3") && !said.contains("Without part 2"), "{said}");
    assert!((model().card.scores["dice"] - each[2]).abs() < 1e-4, "{each:?}");

    let refused = insitu(&[&args[..], &["--val-fraction", "0.5"]].concat());
    assert!(!refused.status.success() && stderr(&refused).contains("--folds"), "{}", stderr(&refused));
}

#[test]
fn settings_that_make_no_sense_are_refused_by_name() {
    let folder = Folder::new("senseless");
    data(&folder);
    for (options, code) in [
        (["--class-weights", "1,2,3"], "train.loss"),
        (["--loss", "dice=0"], "train.loss"),
        (["--balanced-patches", "2"], "train.settings"),
        (["--loss", "jaccard=1"], "there is no loss 'jaccard'"),
    ] {
        let said = train(&folder, &options).err().unwrap();
        assert!(said.contains(code), "{said}");
    }
}

/// Three images of 40 x 40 with a bright square that is class 1, and a frame that is not labelled.
fn painted(folder: &Folder) {
    for (number, stem) in ["a", "b", "c"].iter().enumerate() {
        let inside =
            |i: usize| (12 + number..26 + number).contains(&(i % 40)) && (10..24).contains(&(i / 40));
        let frame = |i: usize| !(4..36).contains(&(i % 40));
        let label = |i: usize| if frame(i) { 255 } else { u8::from(inside(i)) };
        let grey = |i: usize| 40 + 160 * u8::from(inside(i)) + (i * 7 % 11) as u8;
        folder.grey(&format!("data/images/{stem}.png"), 40, (0..1600).map(grey).collect());
        folder.grey(&format!("data/labels/{stem}.png"), 40, (0..1600).map(label).collect());
    }
}

#[test]
fn a_training_by_hand_holds_labels_out_writes_its_losses_and_goes_on_from_its_own_model() {
    let folder = Folder::new("by-hand");
    painted(&folder);
    let (data, out) = (folder.path("data"), folder.path("m.safetensors"));
    let by_hand = |more: &[&str]| {
        let mut args =
            vec!["train", "--by-hand", "--data", text(&data), "--out", text(&out), "--device", "cpu"];
        args.extend(more);
        insitu(&args)
    };
    let run = by_hand(&["--width", "2", "--steps", "6", "--every", "3"]);
    assert!(run.status.success(), "{}", stderr(&run));
    let said = stderr(&run);
    // Three images of 32 x 40 labelled pixels, of which a fifth validate.
    assert!(said.contains("of 3840 labelled pixels held out; 6 steps"), "{said}");
    let log = std::fs::read_to_string(folder.path("m.safetensors.log.csv")).unwrap();
    let losses: Vec<f32> =
        log.lines().skip(1).map(|l| l.split(',').nth(1).unwrap().parse().unwrap()).collect();
    assert_eq!(losses.len(), 6);
    let read =
        |path| Model::from_bytes(&std::fs::read(path).unwrap(), &burn::tensor::Device::flex()).unwrap();
    let card = read(&out).card;
    assert!(
        card.scores["dice"] >= 0.0
            && card.training.as_ref().unwrap().method.as_ref().unwrap().balanced_patches == Some(0.5)
    );

    let before = folder.path("before.safetensors");
    std::fs::rename(&out, &before).unwrap();
    std::fs::remove_file(folder.path("m.safetensors.checkpoint")).unwrap();
    let run = by_hand(&["--init", text(&before), "--steps", "4", "--title", "Painted"]);
    assert!(run.status.success(), "{}", stderr(&run));
    let Card { training, summary, .. } = read(&out).card;
    let training = training.unwrap();
    assert_eq!(summary, format!("Trained from Untitled model on {}.", training.data));
    let file = std::fs::read(&out).unwrap();
    assert!(String::from_utf8_lossy(&file).contains(&summary), "the file itself says so");
    let method = training.method.unwrap();
    assert_eq!((training.steps, method.learning_rate, method.average), (10, 1e-3, Some(0.98)));
    // As in the page: where it comes from, and the curve of both.
    assert_eq!(training.from.as_deref(), Some("Untitled model"));
    let steps: Vec<usize> = training.curve.unwrap().loss.iter().map(|(step, _)| *step).collect();
    assert_eq!(steps, (1..=10).collect::<Vec<_>>());

    let refused = by_hand(&["--steps", "1", "--loss", "dice"]);
    assert!(!refused.status.success() && stderr(&refused).contains("--by-hand"), "{}", stderr(&refused));
}

#[test]
fn a_checkpoint_that_is_damaged_is_named() {
    let folder = Folder::new("damaged");
    data(&folder);
    train(&folder, &[]).unwrap();
    std::fs::write(folder.path("model.safetensors.checkpoint"), b"no checkpoint").unwrap();
    let said = train(&folder, &[]).err().unwrap();
    assert!(said.contains("train.checkpoint") && said.contains("model.safetensors.checkpoint"), "{said}");
}

#[test]
fn images_are_seen_at_the_size_that_was_asked_for_and_masks_have_that_of_the_image() {
    let folder = Folder::new("long-side");
    data(&folder);
    let model = train(&folder, &["--long-side", "48", "--invert", "0.5"]).unwrap();
    assert_eq!(model.card.input.long_side, Some(48));
    assert_eq!(model.card.training.unwrap().method.unwrap().augmentation.invert, 0.5);
    let (out, file) = (folder.path("out"), folder.path("model.safetensors"));
    let image = folder.path("data/images/a.png");
    let run =
        insitu(&["predict", "--model", text(&file), "--out", text(&out), "--device", "cpu", text(&image)]);
    assert!(run.status.success(), "{}", stderr(&run));
    let mask = image::open(folder.path("out/a.png")).unwrap();
    assert_eq!((mask.width(), mask.height()), (24, 20));
    // A training that goes on from it does so at this size, and says so.
    let refused = train(&folder, &["--init", text(&file), "--long-side", "64"]).unwrap_err();
    assert!(refused.contains("a longer side of 48"), "{refused}");
}

#[test]
fn no_slice_of_a_patient_whose_volume_is_learnt_from_is_held_out() {
    let folder = Folder::new("volumes");
    // NIfTI-1, 16 x 16 x 3: bytes of the image are a ramp, its label is where it is bright.
    let nifti = |value: &dyn Fn(usize) -> u8| {
        let mut header = vec![0u8; 352];
        header[..4].copy_from_slice(&348i32.to_le_bytes());
        for (at, v) in [(40, 3i16), (42, 16), (44, 16), (46, 3), (48, 1), (70, 2), (72, 8)] {
            header[at..at + 2].copy_from_slice(&v.to_le_bytes());
        }
        for (at, v) in [(80, 1f32), (84, 1.0), (88, 1.0), (108, 352.0)] {
            header[at..at + 4].copy_from_slice(&v.to_le_bytes());
        }
        header[344..348].copy_from_slice(b"n+1\0");
        header.extend((0..768).map(value));
        header
    };
    for stem in ["p1_a", "p1_b", "p2_a", "p3_a"] {
        folder.write(&format!("data/images/{stem}.nii"), &nifti(&|i| (i % 16 * 16) as u8));
        folder.write(&format!("data/labels/{stem}.nii"), &nifti(&|i| u8::from(i % 16 > 8)));
    }
    train(&folder, &["--patients", "--test-fraction", "0.2"]).unwrap();
    let split = std::fs::read_to_string(folder.path("model.safetensors.split.csv")).unwrap();
    let rows = split.lines().skip(1).map(|line| line.split_once(',').unwrap());
    let parts: std::collections::BTreeSet<(&str, &str)> =
        rows.clone().map(|(stem, part)| (stem.split('_').next().unwrap(), part)).collect();
    assert_eq!((rows.count(), parts.len()), (12, 3), "{split}");
    let eval = insitu(&[
        "eval",
        "--model",
        text(&folder.path("model.safetensors")),
        "--data",
        text(&folder.path("data")),
        "--labels",
        "binary",
        "--device",
        "cpu",
    ]);
    assert!(String::from_utf8_lossy(&eval.stdout).contains("12"), "{}", stderr(&eval));
}
