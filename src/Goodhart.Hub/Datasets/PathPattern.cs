using System.Text;
using System.Text.RegularExpressions;

namespace Goodhart.Hub.Datasets;

/// <summary>A path with wildcards, as a data set's README names files: * and ? within a name, ** across folders, [abc] a letter.</summary>
internal static class PathPattern
{
    public static Func<string, bool> Of(string pattern)
    {
        StringBuilder regex = new(@"\A");
        string text = pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[2..] : pattern;
        for (int i = 0; i < text.Length; i++)
        {
            string rest = text[i..];
            if (rest.StartsWith("**/", StringComparison.Ordinal))
            {
                regex.Append("(?:.*/)?");
                i += 2;
            }
            else if (rest.StartsWith("**", StringComparison.Ordinal))
            {
                regex.Append(".*");
                i++;
            }
            else if (text[i] == '[' && rest.IndexOf(']', StringComparison.Ordinal) is > 1 and var end)
            {
                regex.Append('[').Append(
                    rest[1..end].Replace("\\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal)).Append(']');
                i += end;
            }
            else
            {
                regex.Append(text[i] switch { '*' => "[^/]*", '?' => "[^/]", _ => Regex.Escape(text[i].ToString()) });
            }
        }

        Regex compiled = new(regex.Append(@"\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return compiled.IsMatch;
    }
}
