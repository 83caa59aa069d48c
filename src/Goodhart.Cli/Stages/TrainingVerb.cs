using System.CommandLine;
using Goodhart.Steps.Runs;

namespace Goodhart.Cli.Stages;

/// <summary>A verb whose stage trains a model.</summary>
/// <inheritdoc cref="StageVerb{T}"/>
internal abstract class TrainingVerb<T> : StageVerb<T>
{
    private readonly MemoryOptions memory;

    protected TrainingVerb(string name, string description, IEnumerable<Argument> arguments, IEnumerable<Option> options)
        : this(name, description, arguments, options, new())
    {
    }

    private TrainingVerb(
        string name, string description, IEnumerable<Argument> arguments, IEnumerable<Option> options, MemoryOptions memory)
        : base(name, description, arguments, options.Concat(memory.All)) => this.memory = memory;

    protected sealed override Task<T> RunAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel) =>
        TrainAsync(parse, environment with { Memory = memory.Of(parse) }, cancel);

    protected abstract Task<T> TrainAsync(ParseResult parse, StageEnvironment environment, CancellationToken cancel);
}
