using System.Globalization;

namespace Osapi.Fleet.Tests.Running;

/// <summary>The size of the tests: full with OSAPI_TEST_FULL=1, otherwise reduced.</summary>
internal static class Size
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    public static int Of(int reduced, int full) => IsFull ? full : reduced;

    /// <summary>Creates a random generator with a seed that is printed, and that OSAPI_TEST_SEED repeats.</summary>
    public static Random Chance()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("OSAPI_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        Say($"OSAPI_TEST_SEED={seed}");
        return new(seed);
    }

    /// <summary>Prints a figure, even when the test passes.</summary>
    public static void Say(string text)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Console.WriteLine($"{TestContext.Current.TestMethod?.MethodName}: {text}");
    }
}
