using System.Text;
using System.Text.RegularExpressions;

namespace Goodhart.Pipeline;

/// <summary>Names of steps as they stand in folder names: <c>EstimateKl</c> is <c>estimate-kl</c>.</summary>
internal static partial class StepName
{
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

    public static string Checked(Step step) => Valid().IsMatch(step.Name)
        ? step.Name
        : throw new InvalidOperationException(
            $"{step.GetType().Name}: the step name '{step.Name}' must be lower-case letters, digits and hyphens: it names a folder.");

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Valid();
}
