using System.Globalization;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Lines;
using Goodhart.Text;
using Goodhart.Text.Datasets;

namespace Goodhart.Cli.Live;

/// <summary>A timestamped line now and then, and one at the end.</summary>
/// <param name="noun">What is counted, one of it.</param>
/// <param name="done">What becomes of it; may be empty.</param>
/// <param name="quiet">Writes nothing.</param>
internal sealed class CountProgress(TextWriter writer, string noun, string done, bool quiet, TimeProvider time) : IToolProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly long start = time.GetTimestamp();
    private TimeSpan last = TimeSpan.Zero;

    public CountProgress(TextWriter writer, string noun, string done, bool quiet)
        : this(writer, noun, done, quiet, TimeProvider.System)
    {
    }

    public Action<string>? Note { get; } = ModelNotes.To(writer, quiet);

    /// <summary>Done before the work began; null where nothing was left to do.</summary>
    public int? Earlier { get; private set; }

    public void Loaded(LoadedModel model)
    {
        if (!quiet)
        {
            writer.WriteRemark(string.Create(
                CultureInfo.InvariantCulture,
                $"{model.Path}: {Quantity.Of(model.Model.Parameters.Count, "parameter", format: "N0")}, loaded in "
                    + $"{model.Loading.TotalSeconds:0.0} s"));
        }
    }

    public void Read(RowAccount account)
    {
        foreach (string line in quiet ? [] : account.Lines())
        {
            writer.WriteRemark($"{account.File}: {line}");
        }
    }

    public void Report(WorkDone value) => Report(value, "");

    /// <param name="remark">Follows the count.</param>
    public void Report(WorkDone value, string remark)
    {
        TimeSpan elapsed = time.GetElapsedTime(start);
        Earlier ??= value.Done;   // what a resumed run found done says nothing of its pace
        bool isLast = value.Done == value.Total;
        if (quiet || (!isLast && elapsed - last < Pause))
        {
            return;
        }

        last = elapsed;
        string left = !isLast && TimeLeft.Of(elapsed, value.Done - Earlier.Value, value.Total - Earlier.Value) is { } rest
            ? $", about {TimeLeft.Text(rest)} left"
            : "";
        writer.WriteRemark(string.Create(
            CultureInfo.InvariantCulture,
            $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss'Z'} {value.Done:N0} of ")
                + $"{Quantity.Of(value.Total, noun, format: "N0")}{(done.Length > 0 ? " " : "")}{done}{remark}{left}");
    }
}
