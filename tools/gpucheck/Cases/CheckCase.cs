using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Xunit;
using Xunit.Sdk;

namespace Goodhart.GpuCheck.Cases;

/// <summary>A row of a table: a test of xunit's that needs no test host.</summary>
internal sealed record CheckCase(Type Table, MethodInfo Method, object?[] Arguments)
{
    /// <summary>Table, test and the arguments by name: where they are sizes, that is the shape.</summary>
    public string Name => $"{Table.Name}.{Method.Name}({string.Join(", ", Method.GetParameters().Zip(Arguments, Named))})";

    /// <summary>All rows of the tables, in the order of their names: the same in every process.</summary>
    public static IReadOnlyList<CheckCase> Of(IEnumerable<Type> tables) =>
    [
        .. from table in tables
           orderby table.Name
           from method in table.GetMethods().OrderBy(method => method.Name, StringComparer.Ordinal)
           where method.GetCustomAttribute<FactAttribute>() is { Skip: null }
           from arguments in Rows(table, method)
           select new CheckCase(table, method, arguments),
    ];

    /// <summary>Runs it; what it throws is a failure.</summary>
    public async Task Run()
    {
        object instance = Activator.CreateInstance(Table)!;
        try
        {
            if (Method.Invoke(instance, Arguments) is Task task)
            {
                await task;
            }
        }
        catch (TargetInvocationException wrapped)
        {
            ExceptionDispatchInfo.Throw(wrapped.InnerException!);
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }

    private static IEnumerable<object?[]> Rows(Type table, MethodInfo method)
    {
        DataAttribute[] data = [.. method.GetCustomAttributes<DataAttribute>()];
        return data.Length == 0
            ? [[]]
            : data.SelectMany(rows => rows.GetData(table.GetMethod(method.Name)!));
    }

    private static string Named(ParameterInfo parameter, object? value) =>
        $"{parameter.Name}: {Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null"}";
}
