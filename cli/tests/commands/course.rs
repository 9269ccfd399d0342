//! The course of `insitu train`: it writes a model, a log and who was held out, and goes on where it stopped.

use std::path::PathBuf;

use insitu::weights::Card;

use crate::common::{Folder, insitu, stderr, stdout, text};

/// Ten images of 32 x 32 pixels: a bright square, and its class in the label.
fn squares(folder: &Folder) -> PathBuf {
    for n in 0..10 {
        let inside = |i: usize| (8 + n..20 + n).contains(&(i % 32)) && (8..24).contains(&(i / 32));
        let values = |bright: u8, dark: u8| {
            (0..32 * 32).map(move |i| if inside(i) { bright } else { dark }).collect::<Vec<u8>>()
        };
        folder.grey(&format!("data/images/{n}.png"), 32, values(200, 30));
        folder.grey(&format!("data/labels/{n}.png"), 32, values(1 + n as u8 % 2, 0));
    }
    folder.path("data")
}

/// Runs three steps; returns what was said.
fn train(folder: &Folder, more: &[&str]) -> String {
    let (data, out) = (folder.path("data"), folder.path("out/squares.safetensors"));
    let mut args = vec!["train", "--data", text(&data), "--out", text(&out), "--device", "cpu"];
    args.extend(["--steps", "3", "--batch", "1", "--patch", "32", "--width", "2", "--every", "2"]);
    args.extend(more);
    let run = insitu(&args);
    assert!(run.status.success(), "{}", stderr(&run));
    assert_eq!(stdout(&run).trim(), text(&out));
    stderr(&run)
}

fn card(folder: &Folder) -> Card {
    let bytes = std::fs::read(folder.path("out/squares.safetensors")).unwrap();
    insitu::weights::Model::from_bytes(&bytes, &burn::tensor::Device::flex()).unwrap().card
}

fn lines(folder: &Folder, name: &str) -> Vec<String> {
    std::fs::read_to_string(folder.path(name)).unwrap().lines().map(str::to_string).collect()
}

#[test]
fn a_training_writes_a_model_with_its_history_a_log_and_who_was_held_out() {
    let folder = Folder::new("train");
    squares(&folder);
    let said = train(&folder, &["--validated", "1", "--title", "Two squares", "--class", "one,two"]);
    assert!(
        said.contains("8 images to learn from, 2 held out (1 of them validated while training)"),
        "{said}"
    );
    assert!(said.contains("Validating the best network on all 2 held-out images."), "{said}");

    let card = card(&folder);
    let names: Vec<&str> = card.classes.iter().map(|c| c.name.as_str()).collect();
    assert_eq!((card.title.as_str(), names), ("Two squares", vec!["one", "two"]));
    assert!(card.scores.contains_key("dice") && card.scores.contains_key("pixelError"), "{:?}", card.scores);
    let training = card.training.unwrap();
    assert_eq!((training.images, training.steps, training.data.as_str()), (8, 3, "data"));
    assert!(training.command.starts_with("insitu train --data "), "{}", training.command);

    let log = lines(&folder, "out/squares.safetensors.log.csv");
    assert_eq!((log.len(), log[0].as_str()), (4, "step,loss,learning_rate,dice,ap50,pixel_error"));
    // Validated after the second step and at the end.
    let scored: Vec<bool> = log[1..].iter().map(|row| !row.ends_with(",,,")).collect();
    assert_eq!(scored, [false, true, true]);
    let split = lines(&folder, "out/squares.safetensors.split.csv");
    assert_eq!(split.iter().filter(|row| row.ends_with(",validation")).count(), 2);
}

#[test]
fn a_training_that_is_called_again_goes_on_at_its_checkpoint_and_one_from_a_model_keeps_its_history() {
    let folder = Folder::new("again");
    squares(&folder);
    let first = ["--attribution", "A, CC0", "--licence", "CC0"];
    train(&folder, &first);
    let log = lines(&folder, "out/squares.safetensors.log.csv");
    let scores = card(&folder).scores;
    let said = train(&folder, &first);
    assert!(said.contains("Continuing at step 3."), "{said}");
    assert_eq!(lines(&folder, "out/squares.safetensors.log.csv"), log);
    assert_eq!(card(&folder).scores, scores);

    let before = folder.path("before.safetensors");
    std::fs::rename(folder.path("out/squares.safetensors"), &before).unwrap();
    std::fs::remove_dir_all(folder.path("out")).unwrap();
    let more = ["--title", "Finer squares", "--attribution", "B, MIT", "--class", "one,two"];
    train(&folder, &[&["--init", text(&before)], more.as_slice()].concat());
    let again = card(&folder);
    assert_eq!(again.network.width, 2);
    let training = again.training.unwrap();
    assert_eq!((training.steps, training.command.lines().count()), (6, 2));
    // Nothing of what came before is lost.
    assert_eq!(
        (training.attribution.as_str(), training.from.as_deref()),
        ("A, CC0; B, MIT", Some("Untitled model"))
    );
    let steps: Vec<usize> = training.curve.unwrap().loss.iter().map(|(step, _)| *step).collect();
    assert_eq!(steps, [1, 2, 3, 4, 5, 6]);
    assert_eq!((again.licence.as_str(), again.classes[1].name.as_str()), ("CC0", "two"));
}

#[test]
fn what_a_model_is_not_cannot_be_asked_of_it_and_says_so() {
    let folder = Folder::new("contrary");
    squares(&folder);
    train(&folder, &[]);
    let before = folder.path("before.safetensors");
    std::fs::rename(folder.path("out/squares.safetensors"), &before).unwrap();
    let (data, out) = (folder.path("data"), folder.path("out/more.safetensors"));
    let refused = |more: &[&str]| {
        let mut args = vec!["train", "--data", text(&data), "--out", text(&out), "--init", text(&before)];
        args.extend(["--device", "cpu", "--steps", "1", "--batch", "1", "--patch", "32"]);
        args.extend(more);
        let run = insitu(&args);
        assert!(!run.status.success());
        stderr(&run)
    };
    for (options, named) in [
        (["--preset", "retina"], "--preset retina"),
        (["--width", "1"], "--width 1"),
        (["--channels", "3"], "--channels 3"),
        (["--class", "one"], "--class with 1 names"),
    ] {
        let said = refused(&options);
        assert!(said.contains(named) && said.contains("(option)"), "{said}");
    }
}

#[test]
fn a_model_that_is_made_wider_goes_on_to_learn() {
    let folder = Folder::new("wider");
    squares(&folder);
    train(&folder, &[]);
    let before = folder.path("before.safetensors");
    std::fs::rename(folder.path("out/squares.safetensors"), &before).unwrap();
    std::fs::remove_dir_all(folder.path("out")).unwrap();
    let (data, out) = (folder.path("data"), folder.path("out/squares.safetensors"));
    let mut args = vec!["train", "--data", text(&data), "--out", text(&out), "--init", text(&before)];
    args.extend(["--device", "cpu", "--steps", "2", "--batch", "1", "--patch", "32", "--width", "3"]);
    let run = insitu(&args);
    assert!(run.status.success(), "{}", stderr(&run));
    let card = card(&folder);
    assert_eq!((card.network.width, card.training.unwrap().steps), (3, 5));
}
