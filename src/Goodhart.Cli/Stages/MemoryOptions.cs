using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Alignment.Training;

namespace Goodhart.Cli.Stages;

/// <summary>What training spends to take less memory: the same options wherever something is trained.</summary>
internal sealed class MemoryOptions
{
    private const string Optimizer = "optimizer";

    private readonly Option<bool> checkpointing = TextOption.Flag(
        "--activation-checkpointing",
        "Keep of each layer only its input and run it again in the backward pass: a third more work, and no bit changes.");

    private readonly Option<string?> offload = TextOption.OrNone(
        "--offload", Optimizer,
        "optimizer: its state lies in the host's memory and not in the device's. For devices that have their own.")
        .AcceptOnlyFromAmong(Optimizer);

    public IReadOnlyList<Option> All => [checkpointing, offload];

    /// <summary>The options again, for a command that trains the same way.</summary>
    public IReadOnlyList<string> Arguments(ParseResult parse) =>
    [
        .. parse.GetValue(checkpointing) ? (string[])[checkpointing.Name] : [],
        .. parse.GetValue(offload) is { } what ? (string[])[offload.Name, what] : [],
    ];

    public TrainingMemory Of(ParseResult parse) => new()
    {
        ActivationCheckpointing = parse.GetValue(checkpointing),
        OffloadsOptimizer = parse.GetValue(offload) is not null,
    };
}
