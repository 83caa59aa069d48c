using System.Globalization;
using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Steps.Planning;
using Goodhart.Text;

namespace Goodhart.Cli.Planning;

/// <summary>A stage's plan in a few lines.</summary>
internal static class StagePlanText
{
    /// <param name="createDevice">The device planned for, whose pace is measured; null: it is not at hand.</param>
    public static void Write(TextWriter output, StagePlan plan, Func<int, IDevice>? createDevice)
    {
        string rows = $"{Quantity.Of(plan.Data.Rows, "row")} of {Quantity.Of(plan.Data.Read, "row")}";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Stage}: {rows}, {Quantity.Of(plan.Updates, "update")}, about {plan.Flops / 1e12:N2} TFLOP"));
        output.WriteLine(createDevice is null
            ? "nothing was run."
            : $"about {TimeLeft.Text(TimeSpan.FromSeconds(plan.Flops / Pace.Measured(createDevice)))} on this machine; nothing was run.");

        if (plan.Memory.Fits)
        {
            output.WriteLine(plan.Memory.ToString());
        }
    }
}
