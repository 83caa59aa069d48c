using System.Globalization;

namespace Goodhart.Pipeline.Tests;

public abstract record Loss;

public sealed record DpoLoss(double Beta) : Loss;

public sealed record IpoLoss(double Beta) : Loss;

/// <summary>A source: its value, no inputs.</summary>
public sealed record Constant(double Value) : Step<double>
{
    [NotInKey] public int BatchSize { get; init; } = 32;

    public override string Label => $"constant {Value.ToString(CultureInfo.InvariantCulture)}";

    protected override Task<double> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(Value);
}

/// <summary>Sum of its terms; the cost, a delay and a loss can be set to shape the schedule and the key.</summary>
public sealed record Sum : Step<double>
{
    public required IReadOnlyList<Step<double>> Terms { get; init; }

    public Loss? Loss { get; init; }

    public string Tag { get; init; } = "";

    [NotInKey] public double Cost { get; init; } = 1;

    [NotInKey] public int Milliseconds { get; init; }

    public override string Label => Tag.Length > 0 ? Tag : Name;

    public override double EstimatedCost => Cost;

    protected override Task<double> RunAsync(StepContext context, CancellationToken cancel)
    {
        cancel.WaitHandle.WaitOne(Milliseconds);
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(Terms.Sum(context.Get));
    }
}

/// <summary>Runs what a test hands over; the action is not part of the key.</summary>
public sealed record Act : Step<string>
{
    public required string Tag { get; init; }

    public Step[] After { get; init; } = [];

    [NotInKey] public required Action<StepContext, CancellationToken> Action { get; init; }

    public override string Label => Tag;

    protected override Task<string> RunAsync(StepContext context, CancellationToken cancel)
    {
        Action(context, cancel);
        return Task.FromResult(Tag);
    }
}

/// <summary>Items of two lines each; stopped where a test says so.</summary>
public sealed record WriteLines : Step<int>
{
    public const string FileName = "lines.txt";

    public required int Items { get; init; }

    /// <summary>So many more than there are.</summary>
    [NotInKey] public int StopAfter { get; init; } = int.MaxValue;

    [NotInKey] public int Milliseconds { get; init; }

    public override double EstimatedCost => 1000;

    protected override Task<int> RunAsync(StepContext context, CancellationToken cancel)
    {
        ILines lines = context.Lines(FileName, linesPerItem: 2);
        int left = StopAfter;
        for (int item = lines.Earlier().Count() / 2; item < Items; item++)
        {
            cancel.WaitHandle.WaitOne(Milliseconds);
            cancel.ThrowIfCancellationRequested();
            lines.Append(string.Create(CultureInfo.InvariantCulture, $"{item} a"));
            if (--left < 0)
            {
                throw new InvalidOperationException("stopped");
            }

            lines.Append(string.Create(CultureInfo.InvariantCulture, $"{item} b"));
        }

        return Task.FromResult(Items);
    }
}
