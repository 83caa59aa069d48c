using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>The micro study, run once; tests that change its folder take a copy.</summary>
public sealed class FinishedStudy : IAsyncLifetime
{
    internal static StudyDefinition Definition { get; } = MicroStudy.Definition();

    internal MicroStudy Study { get; } = MicroStudy.Empty();

    internal string[] Executed { get; private set; } = [];

    internal PlannedStep[] Steps => [.. Study.Prepare(Definition).Plan().Steps];

    public async Task InitializeAsync() => Executed = await Study.RunAsync(Definition);

    public Task DisposeAsync()
    {
        Study.Dispose();
        return Task.CompletedTask;
    }
}
