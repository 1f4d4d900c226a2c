using System.Text;

namespace Osapi.Transport.Tests.Contract;

internal static class Enumerations
{
    public static async Task<T> NextAsync<T>(this IAsyncEnumerator<T> items) =>
        await items.MoveNextAsync() ? items.Current : throw new InvalidOperationException("The enumeration ended.");

    public static async Task<List<T>> TakeAsync<T>(this IAsyncEnumerator<T> items, int count)
    {
        List<T> taken = [];
        while (taken.Count < count)
            taken.Add(await items.NextAsync());
        return taken;
    }

    public static string Text(this Message message) => Encoding.UTF8.GetString(message.Payload.Span);

    public static string Text(this KeyValue value) => Encoding.UTF8.GetString(value.Value.Span);
}
