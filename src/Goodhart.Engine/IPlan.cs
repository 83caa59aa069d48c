namespace Goodhart.Engine;

/// <summary>A forest prepared by a device: its index tables as device matrices ([n, 1], I32).</summary>
public interface IPlan
{
    SequencePlan Source { get; }

    /// <summary>Token id of every row.</summary>
    Mat Tokens { get; }

    /// <summary>Position of every row: a segment continues where its parent ends.</summary>
    Mat Positions { get; }

    /// <summary>Rows whose final hidden state is read, ascending.</summary>
    Mat HeadRows { get; }

    /// <summary>Position of every row of <see cref="HeadRows"/>.</summary>
    Mat HeadPositions { get; }

    /// <summary>Of every target: its row, as an index into <see cref="HeadRows"/>.</summary>
    Mat TargetRows { get; }

    Mat TargetTokens { get; }
}

/// <summary>Which rows ask in an attention: all, or only those whose hidden state the head will read (the last layer).</summary>
public enum Queries
{
    All,
    HeadRows,
}
