using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Claims;
using Xunit;

namespace Goodhart.Evaluation.Tests.Alarms;

public sealed class AlarmTestTests
{
    private static readonly AlarmTestOptions Options = new(Replicates: 300);

    [Fact]
    public void A_sign_of_the_peak_beats_what_knows_nothing_of_it()
    {
        AlarmTest test = AlarmTest.Of(SimulatedTable.Of(told: 1), SimulatedTable.Inputs, Options);
        Assert.Equal(["loss", "size", "noise"], test.LeftOut.Select(left => left.Factor));
        Assert.Equal((48, 48), (test.Runs, test.Peaked + test.Rising));
        Assert.Equal(test.Peaked, test.OnBothSides);
        Assert.All(test.LeftOut, left =>
        {
            Assert.Equal(Verdict.Supported, left.Beats);
            Assert.True(left.Alarm.Area.Value > 0.95, $"{left.Factor}: {left.Alarm.Area}");
            Assert.True(left.Alarm.Area.Interval.Contains(left.Alarm.Area.Value));
            Assert.True(left.Alarm.FalseAlarms.Value < 0.1);
            Assert.True(left.Alarm.Calibration.Brier < left.Alarm.Calibration.BaseBrier / 2);
            Assert.Equal(test.Peaked, left.Alarm.Lead.Runs);
            Assert.InRange(left.Alarm.Lead.Steps!.Value.Median, -10, 10);
        });
    }

    [Fact]
    public void A_sign_of_nothing_beats_nothing()
    {
        AlarmTest test = AlarmTest.Of(SimulatedTable.Of(told: 0), SimulatedTable.Inputs, Options);
        Assert.All(test.LeftOut, left =>
        {
            Assert.NotEqual(Verdict.Supported, left.Beats);
            Assert.InRange(left.Alarm.Area.Value, 0.3, 0.65);
            Assert.True(left.Plain[0].Area.Value > left.Alarm.Area.Value);   // later checkpoints are past it more often
        });
    }

    [Fact]
    public void What_is_left_out_is_not_seen()
    {
        // At ipo the sign is turned round: who has seen ipo would know.
        AlarmTable table = SimulatedTable.Of(told: 1);
        AlarmTable turned = new([.. table.Rows.Select(row => row.Loss == "ipo" ? row with { Values = [.. row.Values.Select(v => -v)] } : row)]);
        LeftOutTest loss = AlarmTest.Of(turned, SimulatedTable.Inputs, Options).LeftOut[0];
        Assert.True(loss.Alarm.Area.Value < 0.2, loss.Alarm.Area.ToString());
        Assert.Equal(Verdict.Contradicted, loss.Beats);
    }

    [Fact]
    public void Undecided_runs_and_checkpoints_are_counted_and_left_out()
    {
        AlarmTable table = SimulatedTable.Of(told: 1);
        AlarmRow[] rows =
        [
            .. table.Rows.Select(row => row is { Loss: "dpo", Model: "S", Seed: 0 } ? row with { Outcome = RunOutcome.Undecided, Past = null }
                : row is { Loss: "ipo", Model: "M", Seed: 1, Fraction: 0.2 } ? row with { Past = null } : row),
        ];
        AlarmTest test = AlarmTest.Of(new AlarmTable(rows), SimulatedTable.Inputs, Options);
        Assert.Equal((48, 2, 2), (test.Runs, test.Undecided, test.CheckpointsUndecided));
        Assert.Equal(46 * 5, test.Checkpoints);
        Assert.All(test.LeftOut, left => Assert.Equal((46, (46 * 5) - 2), (left.Runs, left.Checkpoints)));
    }

    [Fact]
    public void A_table_of_one_kind_teaches_nothing()
    {
        AlarmTable table = SimulatedTable.Of(told: 1);
        AlarmTable rising = new([.. table.Rows.Select(row => row with { Outcome = RunOutcome.Rising, Past = false })]);
        Assert.Contains(
            "an alarm needs both",
            Assert.Throws<InvalidDataException>(() => AlarmTest.Of(rising, SimulatedTable.Inputs, Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_beyond_the_table_are_taken_at_its_edge_and_told()
    {
        AlarmModel model = AlarmReport.OfTable(SimulatedTable.Of(told: 1), Options).Model;
        AlarmInput input = Assert.Single(model.Inputs);
        Assert.True(input.Weight > 1);
        Assert.Equal(model.Probability([input.High]), model.Probability([1e9]), 15);
        Assert.True(model.Probability([input.High]) > 0.9 && model.Probability([input.Low]) < 0.1);
        Assert.Equal((true, false, true), (input.IsOutside(1e9), input.IsOutside(input.Mean), input.IsOutside(-1e9)));
        Assert.Equal(model.Probability([input.Mean]), model.Probability([null]), 12);
    }
}
