using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>The logits of a language model. Rows are made a tile at a time and only where they are read: [rows, V] is never
/// stored.</summary>
public sealed class ModelLogits(LanguageModel model, int rowBudget = ResponseScorer.DefaultRowBudget) : IPrefixLogits, IDisposable
{
    /// <summary>Logits of a tile, all rows together.</summary>
    private const int TileLogits = 1 << 22;

    private readonly IArena arena = model.Device.CreateArena("logits", 1 << 20);
    private readonly double[] row = new double[model.VocabularySize];

    public int VocabularySize => model.VocabularySize;

    public void Visit(IReadOnlyList<ResponseTree> trees, LogitVisitor visit, CancellationToken cancel = default)
    {
        foreach (Range part in ForestPacker.Pack(trees, tree => tree.Rows, rowBudget))
        {
            cancel.ThrowIfCancellationRequested();
            VisitForest(trees, part, visit);
        }
    }

    public void Dispose() => arena.Dispose();

    /// <summary>Which prefixes each head row is: the last row of a prompt is the first prefix of all its responses.</summary>
    private static (SequencePlan Plan, List<Prefix>[] PrefixesOfRow) Lay(IReadOnlyList<ResponseTree> trees, Range part)
    {
        ForestBuilder forest = new();
        List<Prefix> prefixes = [];
        for (int tree = part.Start.Value; tree < part.End.Value; tree++)
        {
            int root = forest.AddRoot(trees[tree].Prompt);
            for (int response = 0; response < trees[tree].Responses.Count; response++)
            {
                // The token after a cut response is not known and its target not read: it makes the row after the last token exist.
                TokenResponse own = trees[tree].Responses[response];
                forest.AddResponse(root, own.Ended ? own.Tokens : [.. own.Tokens, 0]);
                prefixes.AddRange(Enumerable.Range(0, own.Prefixes).Select(position => new Prefix(tree, response, position)));
            }
        }

        SequencePlan plan = forest.Build();
        List<Prefix>[] ofRow = [.. plan.HeadRows.Select(_ => new List<Prefix>())];
        for (int target = 0; target < prefixes.Count; target++)
        {
            ofRow[plan.TargetRows[target]].Add(prefixes[target]);
        }

        return (plan, ofRow);
    }

    private void VisitForest(IReadOnlyList<ResponseTree> trees, Range part, LogitVisitor visit)
    {
        (SequencePlan plan, List<Prefix>[] prefixesOfRow) = Lay(trees, part);
        if (prefixesOfRow.Length == 0)
        {
            return;
        }

        IDevice device = model.Device;
        arena.Reset();
        Mat hidden = model.Hidden(new Tape(device, arena, recording: false), device.Prepare(plan, arena)).Value;
        int tile = Math.Clamp(TileLogits / model.VocabularySize, 1, hidden.Rows);
        Mat logits = arena.Allocate(tile, model.VocabularySize);
        for (int first = 0; first < hidden.Rows; first += tile)
        {
            Mat own = logits.RowRange(0, Math.Min(tile, hidden.Rows - first));
            device.Ops.HeadLogits(hidden.RowRange(first, own.Rows), model.Unembedding.Value, own);
            float[] values = device.ReadF32(own);
            for (int i = 0; i < own.Rows; i++)
            {
                VisitRow(values.AsSpan(i * row.Length, row.Length), prefixesOfRow[first + i], visit);
            }
        }
    }

    private void VisitRow(ReadOnlySpan<float> logits, List<Prefix> prefixes, LogitVisitor visit)
    {
        for (int token = 0; token < row.Length; token++)
        {
            row[token] = logits[token];
        }

        foreach (Prefix prefix in prefixes)
        {
            visit(prefix.Tree, prefix.Response, prefix.Position, row);
        }
    }

    private readonly record struct Prefix(int Tree, int Response, int Position);
}
