/** True when the last digit is the check digit of the others, by Luhn's sum. Anything but digits is passed over. */
export function isLuhnValid(number: string): boolean {
  let sum = 0;
  let isDoubled = false;
  let count = 0;
  for (let index = number.length - 1; index >= 0; index -= 1) {
    const digit = number.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) continue;
    const value = isDoubled ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
    isDoubled = !isDoubled;
    count += 1;
  }
  return count > 0 && sum % 10 === 0;
}
