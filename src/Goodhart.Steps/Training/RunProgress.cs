using System.Diagnostics;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Training;

/// <summary>Reports a training loop's progress a few times a second at most.</summary>
internal sealed class RunProgress(StepContext context, int start, int end)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private TimeSpan last;
    private long tokens;

    public void Update(int step, long stepTokens, string text, IReadOnlyDictionary<string, double> metrics)
    {
        tokens += stepTokens;
        if (watch.Elapsed - last < TimeSpan.FromMilliseconds(250) && step < end)
        {
            return;
        }

        last = watch.Elapsed;
        Dictionary<string, double> all = new(metrics) { ["tokens_per_second"] = tokens / watch.Elapsed.TotalSeconds };
        context.Report(new ProgressReport((double)(step - start) / (end - start), text, all));
    }
}
