using Goodhart.Steps.Runs.Stopping;
using Xunit;

namespace Goodhart.Steps.Tests.Training;

public sealed class AlarmSettingsTests
{
    [Theory]
    [InlineData(0.8, 2, 0.2, 0.5, 0.7, 0.93)]   // the run's last checkpoint is refused as any other
    [InlineData(0.8, 0, 0.2, 0.8)]
    [InlineData(0.8, 0, 0.9)]                   // there is none before
    [InlineData(0.95, 3, 0.2, 0.5, 0.7, 0.93)]
    [InlineData(null, 1, 0.2, 0.99)]
    public void The_checkpoint_before_one_to_stop_at_is_kept(double? stopAt, int kept, params double[] probabilities) =>
        Assert.Equal(kept, new AlarmSettings("prompts.jsonl", null, default!, null, stopAt).Kept(probabilities));
}
