using System.Text;
using System.Text.RegularExpressions;

namespace Goodhart.Pipeline;

/// <summary>Names of steps as they stand in folder names: <c>EstimateKl</c> is <c>estimate-kl</c>.</summary>
public static partial class StepName
{
    /// <summary>Lower-case words joined by hyphens.</summary>
    public static string FromType(Type type)
    {
        StringBuilder name = new();
        foreach (char letter in type.Name.Split('`')[0])
        {
            if (char.IsAsciiLetterUpper(letter) && name.Length > 0)
            {
                name.Append('-');
            }

            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }

    internal static string Checked(Step step) => Valid().IsMatch(step.Name)
        ? step.Name
        : throw new InvalidOperationException(
            $"{step.GetType().Name}: the step name '{step.Name}' must be lower-case letters, digits and hyphens: it names a folder.");

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Valid();
}
