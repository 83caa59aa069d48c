using System.CommandLine;

namespace Goodhart.Cli.Parsing;

/// <summary>An option that takes several numbers: 0.5,1.</summary>
internal sealed class NumberListOption
{
    private readonly NumberRule<double> rule;

    public NumberListOption(string name, string standard, NumberRule<double> rule, string what)
    {
        this.rule = rule;
        Option = new Option<string>(name) { Description = what, DefaultValueFactory = _ => standard, HelpName = standard };
        Option.Validators.Add(result =>
        {
            string[] texts = [.. result.Tokens.SelectMany(token => CommaList.Split(token.Value))];
            if (result.Tokens.Count > 0 && (texts.Length == 0 || texts.Any(text => !rule.TryRead(text, out _))))
            {
                string found = string.Join(",", result.Tokens.Select(token => token.Value));
                string wrong = texts.FirstOrDefault(text => !rule.TryRead(text, out _)) ?? "nothing";
                result.AddError(
                    $"{name}: expected numbers with commas between, each {rule.Expected}; found {wrong} in '{found}'. Example: {name} "
                        + $"{standard}");
            }
        });
    }

    public Option<string> Option { get; }

    public IReadOnlyList<double> Of(ParseResult parse) =>
        [.. CommaList.Split(parse.GetValue(Option)!).Select(text => rule.TryRead(text, out double value) ? value : double.NaN)];
}
