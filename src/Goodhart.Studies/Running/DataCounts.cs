using Goodhart.Pipeline;
using Goodhart.Steps.Rows;

namespace Goodhart.Studies.Running;

/// <summary>The accounts of a study's data for a plan: read where they are stored, else counted without storing anything.</summary>
internal sealed class DataCounts(Runner runner, CancellationToken cancel)
{
    private readonly Dictionary<string, TokenizedData> counted = [];

    public TokenizedData Of(TokenizeRows rows)
    {
        if (runner.RecordOf(rows) is not null)
        {
            return runner.Read(rows);
        }

        string key = runner.KeyOf(rows);
        if (!counted.TryGetValue(key, out TokenizedData? data))
        {
            counted[key] = data = rows.Count(cancel);
        }

        return data;
    }
}
