namespace Goodhart.Engine;

/// <summary>A range of one slab of one device. Opaque: only the device that made it can look inside.</summary>
public readonly record struct Mem(int Slab, long Offset, long Bytes);
