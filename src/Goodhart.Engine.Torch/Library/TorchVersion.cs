namespace Goodhart.Engine.Torch.Library;

/// <summary>A release of PyTorch.</summary>
public readonly record struct TorchVersion(int Major, int Minor, int Patch)
{
    /// <summary>The first whose C interface takes lists and strings.</summary>
    public static TorchVersion Least { get; } = new(2, 10, 0);

    /// <summary>As <c>aoti_torch_abi_version</c> packs it: a byte each, from the highest.</summary>
    public static TorchVersion Unpack(ulong packed) => new((int)(packed >> 56), (int)(packed >> 48 & 0xFF), (int)(packed >> 40 & 0xFF));

    public bool IsBefore(TorchVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch)) < 0;

    public override string ToString() => FormattableString.Invariant($"{Major}.{Minor}{(Patch == 0 ? "" : $".{Patch}")}");
}
