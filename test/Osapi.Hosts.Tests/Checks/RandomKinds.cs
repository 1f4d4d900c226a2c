using Osapi.Operations;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Kinds of random tasks, each about a thing of its own in a random state, so that a plan has at most one task about a thing.</summary>
/// <remarks>Two changes of the same thing have no prediction, as docs/checks.md says, except that a plan deploys what it stores.</remarks>
internal abstract class RandomKinds(Random random)
{
    public Random Random => random;

    /// <summary>Each makes a task, or several that belong together; a plan uses each at most once.</summary>
    public abstract IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds { get; }

    /// <summary>As <see cref="Kinds"/>, of tasks that change things of the others, so that they have a plan of their own.</summary>
    public virtual IReadOnlyList<Func<IEnumerable<RandomTask>>> Alone => [];

    protected T Pick<T>(params ReadOnlySpan<T> items) => items[random.Next(items.Length)];

    /// <summary>True once in a number of times.</summary>
    protected bool Once(int times) => random.Next(times) == 0;

    /// <summary>True once in a number of times, else not given.</summary>
    protected bool? OnceTrue(int times) => Once(times) ? true : null;

    protected static string Shown(string? text) => text is null ? "missing" : $"'{text.Replace("\n", "\\n", StringComparison.Ordinal)}'";

    /// <summary>A line of shell that writes a file.</summary>
    protected static string Written(string path, string text) => $"printf '%b' '{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}' > {path}";

    /// <summary>A task whose state is made by shell lines.</summary>
    protected static RandomTask After<TRequest, TResult>(string state, string lines, Operation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull =>
        RandomTask.OnHost(state, operation, request, place => place.ShellAsync(lines));
}
