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
    [
        "prompt", "input", "system", "history", "chosen", "rejected", "margin", "completion", "label", "text", "messages", "conversations",
    ];

    private ColumnMap(Dictionary<string, string> named) => Named = named;

    /// <summary>Role to column, only those that were named; an empty name says that no column plays the role.</summary>
    public IReadOnlyDictionary<string, string> Named { get; }

    /// <summary>The same with a role's own name again.</summary>
    public ColumnMap Without(string role) =>
        new(Named.Where(column => column.Key != role).ToDictionary(column => column.Key, column => column.Value, StringComparer.Ordinal));

    /// <summary>As this, with a column for a role that has none: the user named none, and a row has none of the role's own
    /// name.</summary>
    /// <param name="row">Any of the file.</param>
    public ColumnMap Or(DataRow row, string role, string column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Named.ContainsKey(role) || row.Fields.ContainsKey(role) || !row.Fields.ContainsKey(column)
            ? this
            : new ColumnMap(new Dictionary<string, string>(Named, StringComparer.Ordinal) { [role] = column });
    }

    /// <param name="columns">Role to column; see <see cref="Named"/>.</param>
    /// <exception cref="ArgumentException">No such role.</exception>
    public static ColumnMap Of(IReadOnlyDictionary<string, string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Keys.FirstOrDefault(role => !Roles.Contains(role)) is { } other
            ? throw new ArgumentException($"columns: expected a role of {string.Join(", ", Roles)}, found '{other}'.")
            : new ColumnMap(new Dictionary<string, string>(columns, StringComparer.Ordinal));
    }

    /// <param name="text">
    /// <c>prompt=instruction,chosen=a,rejected=b</c>. A name with a comma stands in double quotes (<c>prompt="a, b"</c>); <c>messages=</c>
    /// says that no column plays the role.
    /// </param>
    /// <exception cref="ArgumentException">No such role, a role named twice, or no column.</exception>
    public static ColumnMap Parse(string text)
    {
        Dictionary<string, string> columns = new(StringComparer.Ordinal);
        foreach (string entry in Entries(text))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            string role = (equals < 0 ? entry : entry[..equals]).Trim();
            if (!Roles.Contains(role) || equals < 0 || !columns.TryAdd(role, Unquoted(entry[(equals + 1)..].Trim())))
            {
                throw new ArgumentException(
                    $"columns: expected role=column once for a role of {string.Join(", ", Roles)}, found '{entry}'; "
                    + "for example prompt=instruction,chosen=a,rejected=b, or messages= where no column is to be that.");
            }
        }

        return columns.Count > 0 ? new ColumnMap(columns) : throw new ArgumentException(
            $"columns: expected role=column, found '{text}', which names none; for example prompt=instruction,chosen=a,rejected=b.");
    }

    /// <summary>As this, with the column names of Alpaca, LLaMA-Factory and HALOs where a row has them and neither the role's own nor one
    /// that the user named.</summary>
    internal ColumnMap For(DataRow row)
    {
        Dictionary<string, string> all = new(Named, StringComparer.Ordinal);
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

    /// <summary>The column that plays a role; an empty name where none does.</summary>
    public string Of(string role) => Named.GetValueOrDefault(role, role);

    /// <summary>Cut at the commas outside quotes.</summary>
    private static IEnumerable<string> Entries(string text)
    {
        int start = 0;
        bool quoted = false;
        for (int i = 0; i <= text.Length; i++)
        {
            quoted ^= i < text.Length && text[i] == '"';
            if (i == text.Length || (text[i] == ',' && !quoted))
            {
                if (text[start..i].Trim() is { Length: > 0 } entry)
                {
                    yield return entry;
                }

                start = i + 1;
            }
        }
    }

    private static string Unquoted(string column) => column is ['"', .. string inner, '"'] ? inner : column;
}
