using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Goodhart.Pipeline;

/// <summary>The properties of a type that make its key: those that hold state. State that the key could not see is refused.</summary>
internal static class KeyedProperties
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new();

    /// <summary>Sorted by name; computed properties and those marked <see cref="NotInKeyAttribute"/> are not among them.</summary>
    public static PropertyInfo[] Of(Type type) => Known.GetOrAdd(type, Find);

    private static PropertyInfo[] Find(Type type)
    {
        SortedDictionary<string, PropertyInfo> found = new(StringComparer.Ordinal);
        for (Type? level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (FieldInfo field in level.GetFields(Own))
            {
                if (field.IsDefined(typeof(NotInKeyAttribute)))
                {
                    continue;
                }

                PropertyInfo property = PropertyBehind(field, level.GetProperties(Own));
                if (!Attribute.IsDefined(property, typeof(NotInKeyAttribute), inherit: true))
                {
                    found.TryAdd(property.Name, Checked(property));
                }
            }
        }

        return [.. found.Values];
    }

    private static PropertyInfo PropertyBehind(FieldInfo field, PropertyInfo[] properties) =>
        properties.FirstOrDefault(property => field.Name == $"<{property.Name}>k__BackingField")
        ?? throw new InvalidOperationException(
            $"{field.DeclaringType!.Name}.{field.Name}: a field is state that the key does not see, and 'with' would copy it. " +
            "Make it a public init property, compute it when asked, or mark it [NotInKey].");

    private static PropertyInfo Checked(PropertyInfo property)
    {
        string name = $"{property.DeclaringType!.Name}.{property.Name}";
        if (property.GetMethod is not { IsPublic: true })
        {
            throw new InvalidOperationException($"{name} is hidden state. Make it public, or mark it [NotInKey].");
        }

        bool settable = property.SetMethod is { } set
            && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        return settable && !property.DeclaringType.IsValueType
            ? throw new InvalidOperationException($"{name} can be set after the key is known. Make it init, or mark it [NotInKey].")
            : property;
    }
}
