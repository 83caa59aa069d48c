using System.CommandLine;

namespace Goodhart.Cli.Stages;

/// <summary>Options that take a number in a range.</summary>
internal static class NumberOption
{
    public static Option<double> Above0(string name, double standard, string what)
    {
        Option<double> option = new(name) { Description = what, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            double found = result.GetValueOrDefault<double>();
            if (!double.IsFinite(found) || found <= 0)
            {
                result.AddError(FormattableString.Invariant($"{name}: expected a number > 0, found {found}."));
            }
        });
        return option;
    }

    public static Option<double?> Above0OrNone(string name, string what)
    {
        Option<double?> option = new(name) { Description = what };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } found && (!double.IsFinite(found) || found <= 0))
            {
                result.AddError(FormattableString.Invariant($"{name}: expected a number > 0, found {found}."));
            }
        });
        return option;
    }

    public static Option<double?> FiniteOrNone(string name, string what)
    {
        Option<double?> option = new(name) { Description = what };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } found && !double.IsFinite(found))
            {
                result.AddError(FormattableString.Invariant($"{name}: expected a finite number, found {found}."));
            }
        });
        return option;
    }

    public static Option<double> AtLeast0(string name, double standard, string what)
    {
        Option<double> option = new(name) { Description = what, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            double found = result.GetValueOrDefault<double>();
            if (!double.IsFinite(found) || found < 0)
            {
                result.AddError(FormattableString.Invariant($"{name}: expected a number >= 0, found {found}."));
            }
        });
        return option;
    }

    public static Option<int> Whole(string name, int least, int standard, string what) =>
        CommonOptions.AtLeast(new Option<int>(name) { Description = what, DefaultValueFactory = _ => standard }, least);

    public static Option<int?> WholeOrNone(string name, int least, string what)
    {
        Option<int?> option = new(name) { Description = what };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } found && found < least)
            {
                result.AddError(FormattableString.Invariant($"{name}: expected a whole number >= {least}, found {found}."));
            }
        });
        return option;
    }
}
