using System.CommandLine;
using Goodhart.Alignment.Training;

namespace Goodhart.Cli.Stages;

/// <summary>What training spends to take less memory: the same options wherever something is trained.</summary>
internal sealed class MemoryOptions
{
    private readonly Option<bool> checkpointing = new("--activation-checkpointing")
    {
        Description = "Keep of each layer only its input and run it again in the backward pass: a third more work, and no bit changes.",
    };

    public IReadOnlyList<Option> All => [checkpointing];

    public TrainingMemory Of(ParseResult parse) => new() { ActivationCheckpointing = parse.GetValue(checkpointing) };
}
