using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Steps.Planning;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Steps.Tests.Planning;

public sealed class TrainingRehearsalTests
{
    private const int Short = 4;

    private const int Long = 60;

    private const int Rows = 4000;

    private static readonly GptNeoXConfig Model = new()
    {
        VocabSize = 32,
        HiddenSize = 8,
        Layers = 1,
        Heads = 1,
        IntermediateSize = 16,
        MaxPositions = 256,
        BosTokenId = null,
        EosTokenId = 0,
        PadTokenId = 0,
    };

    /// <summary>Of four thousand updates a thousand are gone through, and the one that decides is among them wherever it comes.</summary>
    [Fact]
    public void The_longest_row_of_a_long_run_is_met()
    {
        long expected = Bytes(seed: 0, 1, _ => Long);
        Assert.NotEqual(expected, Bytes(seed: 0, 1, _ => Short));
        foreach (ulong seed in (ulong[])[1, 2, 3])
        {
            Assert.Equal(expected, Bytes(seed, Rows, row => row == Rows / 2 ? Long : Short));
        }
    }

    /// <param name="length">Of a row's prompt and of each response.</param>
    private static long Bytes(ulong seed, int rows, Func<int, int> length)
    {
        TokenizedPair[] pairs =
        [
            .. Enumerable.Range(0, rows).Select(
                row => new TokenizedPair(row, new int[length(row)], new int[length(row)], new int[length(row)])),
        ];
        TrainingOptions recipe = TrainingOptions.Constant(1, new RmsProp(), learningRate: 1, warmupSteps: 0, clipNorm: 1);
        MemoryChoice choice = new(RowBudget: 32, TrainingMemory.Usual, Lora: null, DeviceMemory.Host);
        return new TrainingRehearsal(Model, recipe, seed, Updates: rows)
            .Preferences(choice, couples: false, RemedyPlan.None, Model, pairs).Bytes;
    }
}
