"""Letters: what comes in becomes requests and answers, what the desk says goes out. Must not know pages."""
