use super::*;

#[test]
fn an_epoch_is_renewed_once_and_not_for_ever() {
    assert_eq!(renewal(0, 0), Renewal::Next(1));
    assert_eq!((renewal(1, 0), renewal(1, 15)), (Renewal::Late, Renewal::Unknown));
    assert_eq!(renewal(MOST_EPOCHS - 1, MOST_EPOCHS - 1), Renewal::Next(MOST_EPOCHS));
    assert_eq!(renewal(MOST_EPOCHS, MOST_EPOCHS), Renewal::Never);
}
