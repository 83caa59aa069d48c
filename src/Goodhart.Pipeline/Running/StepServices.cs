namespace Goodhart.Pipeline;

/// <summary>What steps get from their surroundings and not from their key: devices, judges, clients.</summary>
public sealed class StepServices
{
    private readonly Dictionary<Type, Func<StepContext, (object Service, Action Release)>> factories = [];

    /// <summary>One instance for all steps; it must be safe for threads.</summary>
    public StepServices Add<T>(T service)
        where T : class => Lease(_ => service, _ => { });

    /// <summary>One instance per running step, made when the step first asks and released when it ends, however it ends.</summary>
    public StepServices Lease<T>(Func<StepContext, T> acquire, Action<T> release)
        where T : class
    {
        factories[typeof(T)] = context =>
        {
            T service = acquire(context);
            return (service, () => release(service));
        };
        return this;
    }

    internal (object Service, Action Release) Acquire(Type type, StepContext context) =>
        factories.TryGetValue(type, out Func<StepContext, (object, Action)>? factory)
            ? factory(context)
            : throw new InvalidOperationException(
                $"No {type.Name} is registered, which {context.Step.Name} asks for. Register it with StepServices before the run.");
}
