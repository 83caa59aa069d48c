using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Text.Datasets;

/// <summary>Which column of a file plays which role, where its name is not the role's own.</summary>
public sealed class ColumnMap
{
    /// <summary>Every role has the column of its own name.</summary>
    public static readonly ColumnMap None = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>What a column can be.</summary>
    public static readonly IReadOnlyList<string> Roles =
        ["prompt", "input", "chosen", "rejected", "margin", "completion", "label", "text", "messages", "conversations"];

    private readonly Dictionary<string, string> columns;

    private ColumnMap(Dictionary<string, string> columns) => this.columns = columns;

    /// <summary>Role to column, only those that were named.</summary>
    public IReadOnlyDictionary<string, string> Named => columns;

    /// <summary>The same with a role's own name again.</summary>
    public ColumnMap Without(string role) =>
        new(columns.Where(column => column.Key != role).ToDictionary(column => column.Key, column => column.Value, StringComparer.Ordinal));

    /// <param name="text"><c>prompt=instruction,chosen=a,rejected=b</c>.</param>
    /// <exception cref="ArgumentException">No such role, a role named twice, or no column.</exception>
    public static ColumnMap Parse(string text)
    {
        Dictionary<string, string> columns = new(StringComparer.Ordinal);
        foreach (string entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            string role = (equals < 0 ? entry : entry[..equals]).Trim();
            string column = equals < 0 ? "" : entry[(equals + 1)..].Trim();
            if (!Roles.Contains(role) || column.Length == 0 || !columns.TryAdd(role, column))
            {
                throw new ArgumentException(
                    $"columns: expected role=column once for a role of {string.Join(", ", Roles)}, found '{entry}'; "
                    + "for example prompt=instruction,chosen=a,rejected=b.");
            }
        }

        return new ColumnMap(columns);
    }

    /// <summary>As this, with the column names of Alpaca, LLaMA-Factory and HALOs where a row has them and neither the role's own nor one that
    /// the user named.</summary>
    internal ColumnMap For(DataRow row)
    {
        Dictionary<string, string> all = new(columns, StringComparer.Ordinal);
        if (row.Fields.ContainsKey(AlpacaPrompt.Instruction))
        {
            Add("prompt", AlpacaPrompt.Instruction);
            Add("completion", "output");
        }

        Add(LabelCell.Role, "kto_tag");
        if (row.Fields.ContainsKey(LabelCell.Role))
        {
            Add("completion", "output");   // binary feedback as HALOs' label.py writes it
        }

        return new ColumnMap(all);

        void Add(string role, string column)
        {
            if (row.Fields.ContainsKey(column) && !row.Fields.ContainsKey(role))
            {
                all.TryAdd(role, column);
            }
        }
    }

    /// <summary>The column that plays a role.</summary>
    public string Of(string role) => columns.GetValueOrDefault(role, role);
}
