namespace Goodhart.Engine.Torch.Attention;

/// <summary>How a device wants attention cut into parts.</summary>
/// <param name="Own">A tree of so many rows is a part of its own, where it needs no padding and mostly no copy; smaller ones, and those of
/// devices that want large batches, stand together with others of like size.</param>
/// <param name="QueryMultiple">Queries of a tree are padded to a multiple of this.</param>
/// <param name="KeyMultiple">So are keys.</param>
internal sealed record PartRules(int Own, int QueryMultiple, int KeyMultiple)
{
    /// <summary>Of trees that stand together, the smallest has at least this share of the largest's rows.</summary>
    public const double LikeSize = 0.75;

    /// <summary>A call costs some microseconds: as much as a hundred rows.</summary>
    public static PartRules Host { get; } = new(Own: 96, QueryMultiple: 1, KeyMultiple: 1);

    /// <summary>Kernels want a bias whose rows start at 16 bytes, and keep log-sum-exps of 32 queries at a time.</summary>
    public static PartRules Cuda { get; } = new(Own: int.MaxValue, QueryMultiple: 32, KeyMultiple: 8);
}
