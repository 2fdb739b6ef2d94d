// A point of the Stark curve; (0, 0) stands for the point at infinity.
struct EcPoint {
    x: felt,
    y: felt,
}
